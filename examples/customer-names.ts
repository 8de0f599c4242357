/** How a name is written, and how it stands in an address. */
type Name = readonly [written: string, ascii: string]

/** People who write alike. All of them are invented. */
export interface Community {
  readonly locales: readonly string[]
  readonly givenNames: readonly Name[]
  readonly familyNames: readonly Name[]
  readonly cities: readonly string[]
}

function names(list: string): readonly Name[] {
  return list.split(' ').map(entry => {
    const [written = '', ascii = written.toLowerCase()] = entry.split('=')
    return [written, ascii]
  })
}

/** Twelve given and twelve family names each, so that every pair of them is found by arithmetic. */
export const communities: readonly Community[] = [
  {
    locales: ['en', 'en', 'en', 'es'],
    givenNames: names(
      'Ada Grace Alan Zoë=zoe Chloé=chloe Björn=bjorn Søren=soren Łukasz=lukasz Jürgen=jurgen Siân=sian Emma Noah',
    ),
    familyNames: names(
      "O'Neill=o'neill Hopper Brontë=bronte Müller=muller Ångström=angstrom Dvořák=dvorak Łapiński=lapinski Çelik=celik Smith Okafor D'Arcy=d'arcy Ngata",
    ),
    cities: ['London', 'Washington, D.C.', 'Zürich', 'Kraków', 'Århus', 'Lagos', 'St. John’s, "The Rock"', 'Reykjavík'],
  },
  {
    locales: ['es'],
    givenNames: names(
      'José=jose María=maria Iñaki=inaki Lucía=lucia Ramón=ramon Sofía=sofia Andrés=andres Begoña=begona Íñigo=inigo Inés=ines Tomás=tomas Paula',
    ),
    familyNames: names(
      'García=garcia Núñez=nunez Peña=pena Ibáñez=ibanez Güell=guell López=lopez Muñoz=munoz Ruiz Ortega Vázquez=vazquez Solís=solis Rojas',
    ),
    cities: [
      'Bogotá, D. C.',
      'Málaga',
      'A Coruña',
      'Ciudad de México\nCDMX',
      'Valparaíso',
      'Montevideo',
      'Quito',
      'Córdoba',
    ],
  },
  {
    locales: ['ja'],
    givenNames: names(
      '陽菜=hina 蓮=ren さくら=sakura 大翔=hiroto 結衣=yui 翔太=shota 美咲=misaki 健=ken 葵=aoi 直樹=naoki ハナ=hana 悠真=yuma',
    ),
    familyNames: names(
      '佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito 山本=yamamoto 中村=nakamura 小林=kobayashi 加藤=kato 吉田=yoshida 斎藤=saito',
    ),
    cities: ['東京', '大阪', '京都', '札幌', '福岡', '名古屋', '横浜', '那覇'],
  },
  {
    locales: ['en', 'en', 'es'],
    givenNames: names(
      'Ελένη=eleni Γιώργος=giorgos Ольга=olga Дмитро=dmytro Jasna Мила=mila Νίκος=nikos Марія=mariya Ιωάννα=ioanna Тарас=taras Борис=boris Елица=elitsa',
    ),
    familyNames: names(
      'Παππάς=pappas Νικολάου=nikolaou Шевченко=shevchenko Иванова=ivanova Ковач=kovac Γεωργίου=georgiou Петров=petrov Мельник=melnyk Ђорђевић=djordjevic Βλάχος=vlachos Димитрова=dimitrova Бойко=boyko',
    ),
    cities: ['Αθήνα', 'Θεσσαλονίκη', 'Київ', 'Львів', 'София', 'Београд', 'Πάτρα', 'Варна'],
  },
  {
    locales: ['en', 'en', 'es'],
    givenNames: names(
      'ليلى=layla عمر=omar فاطمة=fatima يوسف=yusuf נועה=noa מריה=miriam איתן=eitan زينب=zaynab كريم=karim سلمى=salma هدى=huda داود=dawud',
    ),
    familyNames: names(
      'الحسن=alhassan منصور=mansour حداد=haddad خوري=khoury כהן=cohen לוי=levi المصري=almasri ناصر=nasser شاهين=shahin برق=baraq صالح=saleh زيدان=zidan',
    ),
    cities: ['القاهرة', 'عمّان', 'بيروت', 'תל אביב', 'الدار البيضاء', 'حيفا', 'تونس', 'دبي'],
  },
  {
    locales: ['en'],
    givenNames: names(
      'आरव=aarav अनन्या=ananya विहान=vihaan दिया=diya ரவி=ravi மீனா=meena 伟=wei 芳=fang 민준=minjun 서연=seoyeon ปิติ=piti ดาว=dao',
    ),
    familyNames: names(
      'शर्मा=sharma पटेल=patel गुप्ता=gupta वर्मा=verma குமார்=kumar 王=wang 李=li 陳=chen 김=kim 박=park สุขใจ=sukjai ทองดี=thongdee',
    ),
    cities: ['दिल्ली', 'मुंबई', 'சென்னை', '北京', '臺北', '서울', 'กรุงเทพฯ', 'पुणे, महाराष्ट्र'],
  },
]

/** Reserved for documentation and tests (RFC 2606, RFC 6761): no mail ever goes there. */
export const domains: readonly string[] = [
  ...['example.com', 'example.org', 'example.net', 'mail.example.com', 'post.example.org', 'mx.example.net'],
  ...['kunden.example', 'correo.example', 'meiru.example', 'mail.example', 'home.example', 'work.example'],
  ...['mail.test', 'inbox.test', 'office.test', 'shop.test', 'north.example.com', 'south.example.com'],
  ...['east.example.org', 'west.example.org', 'müller.example', '例え.test', 'пошта.example', 'news.example.net'],
]
