/**
 * What stands at the addresses `rules learn` is measured on, written down by reading the payloads: last key of an
 * address -> element; null = nothing a rule should be about. Names and kinds of places, no content.
 */
type Labels = Readonly<Record<string, string | null>>

const list = (element: string | null, keys: string): Labels =>
  Object.fromEntries(keys.split(' ').map((key) => [key, element]))

/** data/demo/*.his.json: a HIS with pinyin keys */
export const DEMO: Labels = {
  ...list(null, 'code msg total zjlx'),
  ...list('person-name', 'brxm namepy lxrxm'),
  ...list('resident-id', 'sfzh'),
  ...list('other-document', 'passportno jgzh'),
  ...list('mobile', 'sjhm jtdh lxrdh'),
  ...list('landline', 'dwdh'),
  ...list('email', 'email'),
  ...list('address', 'jtdz lxrdz'),
  ...list('postcode', 'xzzyb'),
  ...list('birth-date', 'csrq'),
  ...list('age', 'nl'),
  ...list('sex', 'xb'),
  ...list('record-no', 'bah'),
  ...list('outpatient-no', 'mzh'),
  ...list('inpatient-no', 'zyh'),
  ...list('order-no', 'sqdh tmh'),
  ...list('bed-no', 'cwh'),
  ...list('insurance-no', 'ybkh'),
  ...list('insurance-token', 'ectoken'),
  ...list('bank-card', 'yhkh'),
  ...list('plate', 'cph'),
  ...list('employer', 'gzdw'),
  ...list('ethnicity', 'mzdm'),
  ...list('religion', 'zjxy'),
  ...list('marital-status', 'hyzk'),
  ...list('occupation', 'zydm'),
  ...list('education', 'whcd'),
  ...list('vip-flag', 'vip'),
  ...list('relationship', 'lxrgx'),
  ...list('diagnosis', 'zdbm zdmc mjzzd'),
  ...list('procedure', 'ssbm ssmc'),
  ...list('order-text', 'yzmc'),
  ...list('drug-name', 'tymc spmc'),
  ...list('drug-maker', 'sccj pzwh'),
  ...list('dose', 'jl'),
  ...list('allergy', 'gms'),
  ...list('blood-group', 'xx'),
  ...list('lab-item', 'xmmc'),
  ...list('lab-value', 'jyjgz'),
  ...list('lab-unit', 'jldw'),
  ...list('lab-range', 'ckfw'),
  ...list('report-text', 'bgnr'),
  ...list('note', 'bz'),
  ...list('event-date', 'rysj'),
  ...list('department', 'ksmc'),
  ...list('amount', 'je'),
  ...list('charge-item', 'sfxm'),
  ...list('staff-name', 'zzys'),
  ...list('staff-no', 'ysgh'),
  ...list('staff-document', 'zyzsbm'),
  ...list('attachment', 'xp'),
  ...list('device-id', 'openid mac'),
  ...list('biometric', 'zw'),
  ...list('facility', 'yljgmc'),
}

/** the corpora's medflow payloads: an English API of a Chinese hospital */
export const MEDFLOW: Labels = {
  ...list(null, 'if_child certificate_type role create_file if_visit order_quantity result_id'),
  ...list('person-name', 'patient_name guardian_name'),
  ...list('sex', 'patient_gender'),
  ...list('age', 'patient_age'),
  ...list('resident-id', 'certificate_number'),
  ...list('mobile', 'mobile_number'),
  ...list('address', 'province city district street detailed_address'),
  ...list(
    'report-text',
    'chief_complaint history_of_present_illness past_medical_history personal_history physical_examination auxiliary_examination content examine_result',
  ),
  ...list('allergy', 'allergy_history'),
  ...list('diagnosis', 'diagnosis_name diagnosis_name_retrieve diagnosis_code diagnosis_identifier'),
  ...list(
    'lab-item',
    'examine_code examine_category examine_name examine_name_retrieve assay_code assay_category assay_name assay_name_retrieve result_item',
  ),
  ...list('lab-value', 'result_value result_identifier'),
  ...list('lab-range', 'reference_value'),
  ...list('lab-unit', 'unit'),
  ...list('note', 'summary'),
  ...list('drug-name', 'drug_name drug_name_retrieve drug_code drug_specification drug_category'),
  ...list(
    'dose',
    'pharmacy_unit single_dose single_dose_unit frequency dosage dose duration usage route corresponding_dose',
  ),
  ...list('order-text', 'method default_therapy method_code method_type method_name therapy_content'),
}
